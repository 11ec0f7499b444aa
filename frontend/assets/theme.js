// Sets the chosen theme before the first paint, so that a dark page never
// flashes white. A classic script, because modules wait for the document.
(function () {
  try {
    const theme = localStorage.getItem("hjemmel-theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is switched off: the system's theme applies.
  }
})();
