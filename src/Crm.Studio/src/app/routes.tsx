import { createBrowserRouter, Navigate } from 'react-router';
import { FaultsPage } from '../faults/FaultsPage';
import { Failed, NotFound } from './Failed';
import { Shell } from './Shell';

export const router = createBrowserRouter(
  [
    {
      path: '/',
      element: <Shell />,
      errorElement: <Failed />,
      children: [
        { index: true, element: <Navigate to="/flows" replace /> },
        // Shown by the shell, in a frame that stays.
        { path: 'flows', element: null },
        { path: 'flows/:id', element: null },
        { path: 'runs', element: null },
        { path: 'runs/:id', element: null },
        { path: 'dead-letters', element: <FaultsPage />, errorElement: <Failed /> },
        { path: '*', element: <NotFound /> },
      ],
    },
  ],
  { basename: '/studio' },
);
