import { useSyncExternalStore } from 'react';
import { current, subscribe, type Session } from './session';

export const useSession = (): Session => useSyncExternalStore(subscribe, current);
