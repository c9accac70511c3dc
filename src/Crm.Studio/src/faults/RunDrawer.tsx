import { Alert, Anchor, Button, Code, Drawer, Group, Loader, Stack, Text, Timeline, Title } from '@mantine/core';
import { Link } from 'react-router';
import { useIntervention, useRun } from './useFaults';

/** A run that failed, with its journal: what each activity was given, what it gave out, how it went on. */
export function RunDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { data, error, isPending } = useRun(id);
  const intervene = useIntervention(onClose);
  return (
    <Drawer opened={id !== null} onClose={onClose} position="right" size="lg" title={data ? data.run.flow : 'Run'}>
      {error && (
        <Alert color="red" role="alert">
          {error.message}
        </Alert>
      )}
      {isPending && !error && <Loader aria-label="Loading" />}
      {data && (
        <Stack>
          {data.run.error && (
            <Alert color="red" title={data.run.errorActivity ? `Failed in ${data.run.errorActivity}` : 'Failed'}>
              {data.run.error}
            </Alert>
          )}
          <Text size="sm">
            {data.run.eventType ? `Started by ${data.run.eventType} about ${data.run.subject}` : 'Started by hand or by a time'}; version {data.run.version} of {data.run.flowName}.
          </Text>
          {data.run.status === 'faulted' && (
            <Group>
              <Button size="compact-sm" loading={intervene.isPending} onClick={() => intervene.mutate({ run: data.run.id, what: 'replay' })}>
                Replay
              </Button>
              <Button size="compact-sm" variant="default" disabled={intervene.isPending} onClick={() => intervene.mutate({ run: data.run.id, what: 'discard' })}>
                Discard
              </Button>
            </Group>
          )}
          {intervene.error && (
            <Alert color="red" role="alert">
              {intervene.error.message}
            </Alert>
          )}
          <Anchor component={Link} to={`/runs/${data.run.id}`} size="sm">
            See it on the canvas
          </Anchor>
          <Title order={2} size="h5">
            What it did
          </Title>
          {data.journal.length === 0 && <Text c="dimmed">Nothing stays of an attempt that failed.</Text>}
          <Timeline active={data.journal.length} bulletSize={12} lineWidth={2}>
            {data.journal.map((entry, position) => (
              <Timeline.Item key={position} title={`${entry.name} (${entry.type})`}>
                <Text size="xs" c="dimmed">
                  {entry.outcomes.length > 0 ? `→ ${entry.outcomes.join(', ')}` : entry.what}, {entry.milliseconds.toFixed(1)} ms
                </Text>
                <Code block mt={4}>
                  {JSON.stringify({ inputs: entry.inputs, outputs: entry.outputs }, null, 2)}
                </Code>
              </Timeline.Item>
            ))}
          </Timeline>
        </Stack>
      )}
    </Drawer>
  );
}
