import { useEffect } from 'react';

/** Names the page in the browser's tab and history, and to who hears it. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Crm Studio`;
  }, [title]);
}
