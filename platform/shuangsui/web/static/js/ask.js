// A company's question on the home page goes to the verify page behind the #, where no server sees it.

const form = document.querySelector("form[data-ask]");

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const address = new URL(form.action);
  address.searchParams.set("draw", form.elements.draw.value);
  const code = form.querySelector("#company").value.trim();
  if (code !== "") address.hash = new URLSearchParams({ code });
  location.assign(address);
});
