import { createTheme, localStorageColorSchemeManager, type MantineColorsTuple } from '@mantine/core';

const brand: MantineColorsTuple = ['#eef2ff', '#dce3f7', '#b6c4ea', '#8ea3de', '#6c86d3', '#5673cd', '#4a6acb', '#3b59b4', '#334fa2', '#274490'];

export const theme = createTheme({
  primaryColor: 'brand',
  primaryShade: { light: 7, dark: 5 },
  colors: { brand },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '600' },
});

/** Where the choice of colours is kept; `theme.js` and Elsa's frame read it too. */
export const colours = localStorageColorSchemeManager({ key: 'crm.colours' });
