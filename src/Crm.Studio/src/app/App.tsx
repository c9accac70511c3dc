import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from 'react-router';
import { SignInAgain } from '../session/SignInAgain';
import { SignInPage } from '../session/SignInPage';
import { useSession } from '../session/useSession';
import { queries } from './queries';
import { router } from './routes';
import { colours, theme } from './theme';

export function App({ nonce }: { nonce: string }) {
  return (
    <MantineProvider theme={theme} colorSchemeManager={colours} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" />
        <Inside />
      </QueryClientProvider>
    </MantineProvider>
  );
}

function Inside() {
  const session = useSession();
  if (session.state === 'out') return <SignInPage />;
  return (
    <>
      <RouterProvider router={router} />
      {session.state === 'expired' && <SignInAgain tokens={session.tokens} />}
    </>
  );
}
