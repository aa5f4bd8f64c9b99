// What every page does beside its forms and links, which work without it.

document.documentElement.classList.add("scripted");

const menuButton = document.querySelector(".menu-button");
menuButton?.addEventListener("click", () => {
  const open = document.getElementById("menu").classList.toggle("open");
  menuButton.setAttribute("aria-expanded", String(open));
});

// List or map, where the screen holds one of them.
const panes = document.querySelector(".panes");
const tabs = [...document.querySelectorAll("[role=tab]")];
for (const [place, tab] of tabs.entries()) {
  tab.addEventListener("click", () => show(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const other = tabs[(place + step + tabs.length) % tabs.length];
    show(other);
    other.focus();
  });
}

function show(tab) {
  panes.dataset.shown = tab.dataset.pane;
  for (const one of tabs) {
    one.setAttribute("aria-selected", String(one === tab));
    one.tabIndex = one === tab ? 0 : -1;
  }
}

// An obstacle is asked only of what stops.
for (const field of document.querySelectorAll("[data-obstacle]")) {
  const stopping = field.dataset.obstacle.split(" ");
  const status = field.closest("form").elements.status;
  const follow = () => {
    field.hidden = !stopping.includes(status.value);
  };
  status.addEventListener("change", follow);
  follow();
}

// On a phone the filters start closed: the list is what one came for.
if (matchMedia("(max-width: 50rem)").matches && !location.search) {
  for (const box of document.querySelectorAll(".filter-box[open]")) box.open = false;
}
