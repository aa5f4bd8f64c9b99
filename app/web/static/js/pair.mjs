// The two flows of a pair: editable comboboxes over the flows of the territory. Without this script the words
// are sent as they are, and the page asks which flow was meant.

const listOf = (box) => document.getElementById(box.getAttribute("aria-controls"));
const optionsOf = (box) => [...listOf(box).querySelectorAll("[role=option]")];
const activeOf = (box) => document.getElementById(box.getAttribute("aria-activedescendant") || " ");
const chosenOf = (box) => box.form.elements[box.name.replace("-dit", "")];

function close(box) {
  listOf(box).hidden = true;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}

function offer(box) {
  const some = optionsOf(box).length > 0 && document.activeElement === box;
  listOf(box).hidden = !some;
  box.setAttribute("aria-expanded", String(some));
  box.removeAttribute("aria-activedescendant");
}

function move(box, step) {
  const options = optionsOf(box);
  const from = options.indexOf(activeOf(box));
  const first = step > 0 ? 0 : options.length - 1;
  const next = options[from < 0 ? first : (from + step + options.length) % options.length];
  for (const one of options) one.setAttribute("aria-selected", String(one === next));
  box.setAttribute("aria-activedescendant", next.id);
  next.scrollIntoView({ block: "nearest" });
}

function choose(box, option) {
  box.value = option.dataset.told;
  chosenOf(box).value = option.dataset.id;
  close(box);
}

function press(event, box) {
  const open = box.getAttribute("aria-expanded") === "true";
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && optionsOf(box).length) {
    event.preventDefault();
    if (open) move(box, step);
    else offer(box);
  } else if (event.key === "Escape" && open) {
    event.preventDefault();
    close(box);
  } else if (event.key === "Enter" && open && activeOf(box)) {
    event.preventDefault();
    choose(box, activeOf(box));
  }
}

for (const box of document.querySelectorAll("#pair [role=combobox]")) {
  box.addEventListener("keydown", (event) => press(event, box), true);
  box.addEventListener("blur", () => close(box));
  box.addEventListener("input", () => {
    chosenOf(box).value = "";
  });
  // The list would close before the click: the field keeps the focus.
  listOf(box).addEventListener("mousedown", (event) => event.preventDefault());
  listOf(box).addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(box, option);
  });
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx.sourceElement === box) offer(box);
  });
}
