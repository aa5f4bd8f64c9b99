// The choice of synergies in the list: its actions come once something is chosen, and say how much is.
// Without this script they are always there, under the list.

const boxes = () => [...document.querySelectorAll("input[name=id][form=selection]")];

function follow() {
  const form = document.getElementById("selection");
  if (!form) return;
  const count = boxes().filter((box) => box.checked).length;
  form.hidden = count === 0;
  const told = form.querySelector(".selection-count");
  told.textContent = `${told.dataset.counted} ${count}`;
  form.querySelector("button[value=compare]").disabled = count < 2 || count > 4;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("input[name=id][form=selection]")) follow();
});
document.addEventListener("htmx:after:swap", follow);
// One drop-down at a time; Escape closes it and gives the focus back.
document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.(".drop") || !event.target.open) return;
  for (const other of document.querySelectorAll(".drop[open]")) if (other !== event.target) other.open = false;
}, true);
document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && document.activeElement.closest(".drop[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
window.addEventListener("pageshow", follow);
follow();
