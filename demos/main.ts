import "./shared/code-sample.ts";
import "./shared/page-frame.ts";
import "./shared/predict-first.ts";
import "./variance/variance-figure.ts";

// A link in the prose sets up the figure; bring the figure into view with it.
document.addEventListener("click", (event) => {
  const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement);
  const fragment = link?.getAttribute("href") ?? "";
  if (!fragment.startsWith("#") || !fragment.includes("=")) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.querySelector("#figure")?.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "start" });
});
