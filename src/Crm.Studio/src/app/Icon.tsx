const PATHS = {
  flows: 'M6 3h4v4H6zM14 17h4v4h-4zM8 7v4a3 3 0 0 0 3 3h2a3 3 0 0 1 3 3',
  runs: 'M7 4.5v15l12-7.5z',
  faults: 'M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.01',
  light: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.5v2M12 19.5v2M4.2 4.2l1.4 1.4M18.4 18.4l1.4 1.4M2.5 12h2M19.5 12h2M4.2 19.8l1.4-1.4M18.4 5.6l1.4-1.4',
  dark: 'M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z',
  system: 'M4 5h16v11H4zM9 20h6M12 16v4',
  out: 'M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M10 8l-4 4 4 4M6 12h9',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture that says nothing the words beside it do not. */
export const Icon = ({ name, size = 18 }: { name: IconName; size?: number }) => (
  <svg aria-hidden="true" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth={1.7} strokeLinecap="round" strokeLinejoin="round">
    <path d={PATHS[name]} />
  </svg>
);
