import { Alert, Button, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Tokens } from './session';
import { signIn, type Workspace } from './signIn';

/** E-mail address and password; and which workspace, of who is a member of several. */
export function SignInForm({ again }: { again?: Tokens }) {
  const known = again?.email;
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [workspaces, setWorkspaces] = useState<readonly Workspace[]>([]);
  const [workspace, setWorkspace] = useState<string | null>(again?.workspace ?? null);
  const [refused, setRefused] = useState('');
  const [busy, setBusy] = useState(false);

  async function submit() {
    setBusy(true);
    setRefused('');
    const outcome = await signIn(email, password, workspace ?? undefined);
    setBusy(false);
    if ('refused' in outcome) setRefused(outcome.refused);
    if ('choose' in outcome) {
      setWorkspaces(outcome.choose);
      setWorkspace(outcome.choose[0]?.id ?? null);
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack>
        <TextInput label="E-mail address" type="email" autoComplete="username" required maxLength={254} value={email} readOnly={known !== undefined} autoFocus={known === undefined} onChange={(event) => setEmail(event.currentTarget.value)} />
        <PasswordInput label="Password" autoComplete="current-password" required maxLength={200} value={password} data-autofocus={known !== undefined || undefined} onChange={(event) => setPassword(event.currentTarget.value)} />
        {workspaces.length > 0 && <Select label="Workspace" data={workspaces.map((w) => ({ value: w.id, label: w.name }))} value={workspace} allowDeselect={false} onChange={setWorkspace} />}
        {refused && (
          <Alert color="red" role="alert">
            {refused}
          </Alert>
        )}
        <Button type="submit" loading={busy}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
