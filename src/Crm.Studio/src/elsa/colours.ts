interface Monaco {
  editor: { defineTheme(name: string, theme: { base: string; inherit: boolean; rules: []; colors: object }): void };
}

declare global {
  interface Window {
    monaco: Monaco;
    require(modules: string[], loaded: () => void): void;
  }
}

/** Shows everything in light or dark, the code editors too: whichever of its themes Elsa Studio chooses for those, and it does so with each editor, is ours. */
export function colour(dark: boolean): void {
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  // The editor's code comes when it comes.
  window.require(['vs/editor/editor.main'], () => {
    for (const name of ['vs', 'vs-dark']) window.monaco.editor.defineTheme(name, { base: dark ? 'vs-dark' : 'vs', inherit: true, rules: [], colors: {} });
  });
}
