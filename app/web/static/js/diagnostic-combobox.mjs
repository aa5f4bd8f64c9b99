// The words of a flow with their list of suggestions: an editable combobox, by finger, mouse or keyboard.

const plain = (text) => text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();

/** Make every combobox of a form work, also those that come later. */
export function follow(form) {
  document.addEventListener("htmx:after:swap", (event) => {
    const box = event.detail.ctx.sourceElement;
    if (box.matches?.("[role=combobox]")) offer(box);
  });
  form.addEventListener("keydown", (event) => {
    if (event.target.matches("[role=combobox]")) press(event, event.target);
  }, true);
  form.addEventListener("focusout", (event) => {
    if (event.target.matches("[role=combobox]")) close(event.target);
  });
  // The list would close before the click: the field keeps the focus.
  form.addEventListener("pointerdown", (event) => {
    if (event.target.closest("[role=option]")) event.preventDefault();
  });
  form.addEventListener("mousedown", (event) => {
    if (event.target.closest("[role=option]")) event.preventDefault();
  });
  form.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(boxOf(option), option);
    if (event.target.closest("[data-forgets]")) forget(event.target.closest(".flow-card"));
  });
  form.addEventListener("input", (event) => {
    if (event.target.matches("[role=combobox]") && !event.target.value.trim()) {
      close(event.target);
      forget(event.target.closest(".flow-card"));
    }
  });
}

const listOf = (box) => document.getElementById(box.getAttribute("aria-controls"));
const boxOf = (option) => option.closest(".combo").querySelector("[role=combobox]");
const optionsOf = (box) => [...listOf(box).querySelectorAll("[role=option]")];
const activeOf = (box) => document.getElementById(box.getAttribute("aria-activedescendant") || " ");

function offer(box) {
  const some = optionsOf(box).length > 0 && document.activeElement === box;
  listOf(box).hidden = !some;
  box.setAttribute("aria-expanded", String(some));
  box.removeAttribute("aria-activedescendant");
}

function close(box) {
  listOf(box).hidden = true;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
}

function press(event, box) {
  const open = box.getAttribute("aria-expanded") === "true";
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
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

function move(box, step) {
  const options = optionsOf(box);
  const from = options.indexOf(activeOf(box));
  const next = options[from < 0 ? (step > 0 ? 0 : options.length - 1) : (from + step + options.length) % options.length];
  for (const one of options) one.setAttribute("aria-selected", String(one === next));
  box.setAttribute("aria-activedescendant", next.id);
  next.scrollIntoView({ block: "nearest" });
}

function choose(box, option) {
  const card = box.closest(".flow-card");
  const { scheme, code, kind, unit, label, told } = option.dataset;
  const field = (name) => card.querySelector(`[name$="-${name}"]`);
  if (scheme === "low") field("waste_code").value = code;
  else {
    field("resource").value = code;
    if (!field("quantity").value) field("unit").value = unit;
    // Half a word becomes the name; words that say more than the name stay as they are.
    if (plain(label).includes(plain(box.value.trim()))) box.value = label;
  }
  field("kind").value = kind;
  card.querySelector("[data-read]").textContent = scheme === "low" && field("resource").value
    ? `${card.querySelector("[data-read]").textContent} ${told}` : told;
  card.querySelector("[data-forgets]").hidden = false;
  close(box);
  field("kind").dispatchEvent(new Event("input", { bubbles: true }));
}

function forget(card) {
  for (const name of ["resource", "waste_code", "kind"]) card.querySelector(`[name$="-${name}"]`).value = "";
  card.querySelector("[data-read]").textContent = "";
  card.querySelector("[data-forgets]").hidden = true;
  card.querySelector("[name$='-kind']").dispatchEvent(new Event("input", { bubbles: true }));
}
