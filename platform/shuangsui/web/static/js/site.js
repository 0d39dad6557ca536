// 大字版: remembered on this device, the same pages with larger type and controls.

const button = document.querySelector("[data-elder]");

function show(large) {
  if (large) document.documentElement.dataset.size = "elder";
  else delete document.documentElement.dataset.size;
  button.setAttribute("aria-pressed", String(large));
}

button.addEventListener("click", () => {
  const large = document.documentElement.dataset.size !== "elder";
  localStorage.setItem("size", large ? "elder" : "");
  show(large);
});

show(localStorage.getItem("size") === "elder");

// On a phone the navigation scrolls sideways: bring the current page into sight.
document.querySelector(".mainnav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
