"""Messages to officers and to the office's other programs: what they say, how they are signed, how they leave."""
