// Says in its place that a list did not come, so that nobody reads an old one under new wishes.
document.addEventListener("htmx:sendError", (event) => {
  const place = event.detail.target;
  if (!place) return;
  const notice = document.createElement("div");
  notice.className = "notice bad";
  notice.setAttribute("role", "alert");
  const said = document.createElement("p");
  said.textContent = "Konsol tidak menjawab. Periksa sambungan, lalu coba lagi; tidak ada yang hilang.";
  notice.append(said);
  place.replaceChildren(notice);
});
