import { Anchor, Modal, Text } from '@mantine/core';
import { SignInForm } from './SignInForm';
import { signedOut, type Tokens } from './session';

/** Over the page, which stays as it is with everything typed: what it asked for goes on as soon as the same user is back. */
export function SignInAgain({ tokens }: { tokens: Tokens }) {
  return (
    <Modal opened onClose={() => undefined} withCloseButton={false} closeOnEscape={false} closeOnClickOutside={false} centered title="Your session has ended" zIndex={2000}>
      <Text size="sm" mb="md">
        Sign in again to go on where you are: nothing you typed is lost.
      </Text>
      <SignInForm again={tokens} />
      <Anchor component="button" size="sm" mt="md" onClick={signedOut}>
        Leave, and sign in as somebody else
      </Anchor>
    </Modal>
  );
}
