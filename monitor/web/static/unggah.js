// Says before sending that a file is too large, so that nobody waits for an upload that will be refused.
for (const form of document.querySelectorAll("form[data-limit]")) {
  const limit = Number(form.dataset.limit);
  const notice = form.querySelector("[data-too-large]");
  form.addEventListener("change", () => {
    const files = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
    const large = files.some((file) => file.size > limit);
    notice.hidden = !large;
    form.querySelector("button").disabled = large;
  });
}
