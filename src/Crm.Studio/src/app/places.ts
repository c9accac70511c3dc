import type { IconName } from './Icon';

/** Where one can go. */
export const places: readonly { readonly to: string; readonly label: string; readonly icon: IconName }[] = [
  { to: '/flows', label: 'Flows', icon: 'flows' },
  { to: '/runs', label: 'Runs', icon: 'runs' },
  { to: '/dead-letters', label: 'Dead letters', icon: 'faults' },
];
