import { Alert, Anchor, Code, Drawer, Loader, Stack, Text, Timeline, Title } from '@mantine/core';
import { Link } from 'react-router';
import { useRun } from './useFaults';

/** A run that failed, with its journal: what each activity was given, what it gave out, how it went on. */
export function RunDrawer({ id, onClose }: { id: string | null; onClose: () => void }) {
  const { data, error, isPending } = useRun(id);
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
            Started by {data.run.eventType} about {data.run.subject}; version {data.run.bundleVersion} of {data.run.bundle}; tried {data.run.attempts === 1 ? 'once' : `${data.run.attempts} times`}.
          </Text>
          <Anchor component={Link} to={`/runs/${data.run.id}`} size="sm">
            See it on the canvas
          </Anchor>
          <Title order={2} size="h5">
            What it did
          </Title>
          {data.journal.length === 0 && <Text c="dimmed">Nothing stays of an attempt that failed.</Text>}
          <Timeline active={data.journal.length} bulletSize={12} lineWidth={2}>
            {data.journal.map((entry) => (
              <Timeline.Item key={entry.position} title={`${entry.name} (${entry.type})`}>
                <Text size="xs" c="dimmed">
                  {entry.outcome ? `→ ${entry.outcome}` : 'ended the flow'}, {entry.milliseconds.toFixed(1)} ms
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
