interface Monaco {
  editor: { setTheme(theme: string): void };
}

declare global {
  interface Window {
    monaco?: Monaco;
  }
}

const theme = () => (document.documentElement.getAttribute('data-mantine-color-scheme') === 'dark' ? 'vs-dark' : 'vs');
let choose: ((theme: string) => void) | undefined;

/** Shows everything in light or dark, the code editors too: whatever Elsa Studio chooses for those, ours holds. */
export function colour(dark: boolean): void {
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  const editor = window.monaco?.editor;
  if (!editor) return;
  if (!choose) {
    choose = editor.setTheme.bind(editor);
    editor.setTheme = () => choose?.(theme());
  }
  choose(theme());
}
