import { Anchor, Button, Group, Text, Title } from '@mantine/core';
import { Link, useRouteError } from 'react-router';
import { useTitle } from './useTitle';

/** What is shown in the place of a page that broke: the rest goes on. */
export function Failed() {
  const error = useRouteError();
  useTitle('Something broke');
  return (
    <div className="page" role="alert">
      <Title order={1} size="h3">
        This page broke
      </Title>
      <Text my="md">{error instanceof Error ? error.message : 'Nobody knows why.'}</Text>
      <Group>
        <Button onClick={() => location.reload()}>Load it again</Button>
      </Group>
    </div>
  );
}

export function NotFound() {
  useTitle('Not found');
  return (
    <div className="page">
      <Title order={1} size="h3">
        There is nothing here
      </Title>
      <Text my="md">
        The address leads nowhere. <Anchor component={Link} to="/flows">To the flows</Anchor>
      </Text>
    </div>
  );
}
