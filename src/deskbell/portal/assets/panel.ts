// A message's panel: what is loaded into it can be sent away again.

document.addEventListener("click", (event) => {
  const clicked = (event.target as Element).closest<HTMLElement>("[data-empties]");
  const place = clicked && document.querySelector(clicked.dataset.empties ?? "");
  if (!clicked || !place) return;
  event.preventDefault();
  place.replaceChildren();
  document.getElementById(clicked.dataset.returnsTo ?? "")?.focus();
});
