// The chat works without this file; it makes citation markers move the reader to the source in the panel and back.
(() => {
  "use strict";

  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let cameFrom = null;

  const goTo = (element, block) => {
    element.scrollIntoView({ behavior: calm.matches ? "auto" : "smooth", block });
    element.focus({ preventScroll: true });
  };

  const openSource = (marker) => {
    const source = document.getElementById(marker.getAttribute("href").slice(1));
    if (!source) return;
    document.querySelectorAll("#sources .current").forEach((other) => other.classList.remove("current"));
    source.classList.add("current");
    cameFrom = marker;
    goTo(source, "start");
  };

  const goBack = () => {
    if (cameFrom && cameFrom.isConnected) goTo(cameFrom, "center");
    else goTo(document.querySelector("#question textarea, #asking textarea"), "center");
  };

  // Gradio's page has a base address, so that a bare fragment would load the page anew: fragments are followed here.
  document.addEventListener("click", (event) => {
    const link = event.target.closest ? event.target.closest("a[href^='#']") : null;
    if (!link) return;
    if (link.matches(".cite")) {
      event.preventDefault();
      openSource(link);
    } else if (link.matches(".back")) {
      event.preventDefault();
      goBack();
    }
  });

  // Gradio labels each message with its raw markup, calls its row of example buttons a list, takes the label off a table's region, and cannot label a column.
  const nameParts = () => {
    document.querySelectorAll("#answers [data-testid='user'][aria-label], #answers [data-testid='bot'][aria-label]").forEach((message) => {
      message.removeAttribute("aria-label");
    });
    document.querySelectorAll("#answers .examples[role='list']").forEach((examples) => {
      examples.setAttribute("role", "group");
      examples.setAttribute("aria-label", "Example questions");
    });
    document.querySelectorAll("#answers .matrix:not([aria-label])").forEach((matrix) => {
      matrix.setAttribute("aria-label", "Comparison as a table");
    });
    const panel = document.getElementById("sources-column");
    if (panel && !panel.hasAttribute("role")) {
      panel.setAttribute("role", "region");
      panel.setAttribute("aria-label", "Sources of the latest answer");
    }
  };
  new MutationObserver(nameParts).observe(document.documentElement, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ["aria-label"],
  });
})();
