import { Paper, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import { SignInForm } from './SignInForm';

export function SignInPage() {
  useEffect(() => {
    document.title = 'Sign in · Crm Studio';
  }, []);
  return (
    <main className="notice" style={{ textAlign: 'left', justifyItems: 'stretch' }}>
      <Paper withBorder p="xl" w={380} maw="calc(100vw - 2rem)">
        <img src="/studio/icon.svg" alt="" width={40} height={40} />
        <Title order={1} size="h3" mt="sm">
          Crm Studio
        </Title>
        <Text c="dimmed" size="sm" mb="lg">
          Sign in to your workspace.
        </Text>
        <SignInForm />
      </Paper>
    </main>
  );
}
