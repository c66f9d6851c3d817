"""WhatsApp: chats that a member exported and handed over; nothing of it is read live."""
