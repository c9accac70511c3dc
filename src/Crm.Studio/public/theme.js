// Before the first paint: the colours somebody chose here, else those of the system.
(() => {
  const chosen = localStorage.getItem('crm.colours');
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
