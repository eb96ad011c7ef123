// Runs before the page is painted: takes light or dark from the system's setting, now and when it changes.

const dark = matchMedia("(prefers-color-scheme: dark)");

function apply(): void {
  document.documentElement.dataset.bsTheme = dark.matches ? "dark" : "light";
}

document.documentElement.classList.add("js");
dark.addEventListener("change", apply);
apply();
