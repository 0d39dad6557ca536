// Small manners of the console: how close rows stand, which are picked, dialogs that have an address.

const root = document.documentElement;

function stand(density) {
  if (density) root.dataset.density = density;
  else delete root.dataset.density;
  for (const group of document.querySelectorAll(".density")) group.hidden = false;
  for (const button of document.querySelectorAll("[data-density]:not(html)")) {
    button.setAttribute("aria-pressed", String(button.dataset.density === density));
  }
}

const remembered = () => localStorage.getItem("density") ?? "";

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button[data-density]");
  if (!button) return;
  localStorage.setItem("density", button.dataset.density);
  stand(button.dataset.density);
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-close]")) target.closest("dialog").close();
  if (target.closest("[data-print]")) print();
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-at-once] [type=file]") && target.files.length) target.form.requestSubmit();
  if (target.matches("[data-all]")) {
    for (const box of target.closest("table").querySelectorAll("[data-pick]")) box.checked = target.checked;
  }
  if (target.matches("[data-all], [data-pick]")) count(target.closest(".list"));
});

/** Says how many rows are picked; what can be done with them can be done only then. */
function count(list) {
  const picked = list.querySelectorAll("[data-pick]:checked").length;
  for (const place of list.querySelectorAll("[data-picked]")) place.textContent = String(picked);
  for (const button of list.querySelectorAll("[data-bulk]")) button.disabled = picked === 0;
}

/** A dialog that the page came with open stands above it; closing it leaves its field out of the address. */
function lift() {
  for (const dialog of document.querySelectorAll("dialog[open][data-field]")) {
    dialog.close();
    dialog.showModal();
    dialog.addEventListener("close", () => forget(dialog.dataset.field), { once: true });
  }
}

function forget(field) {
  const address = new URL(location.href);
  address.searchParams.delete(field);
  history.replaceState(null, "", address);
}

function settle() {
  stand(remembered());
  for (const list of document.querySelectorAll(".list")) count(list);
  lift();
}

document.addEventListener("swapped", settle);
settle();
