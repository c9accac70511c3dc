import { useQuery } from '@tanstack/react-query';
import { answered, api } from './client';

/** Who is signed in, where, and what they may do. */
export const useMe = () => useQuery({ queryKey: ['me'], queryFn: () => answered(api.GET('/api/v1/me')) });
