import { Alert, Anchor, Code, Drawer, Loader, Stack, Text, Timeline, Title } from '@mantine/core';
import { Link } from 'react-router';
import { Time } from '../app/Time';
import { useDeadLetter } from './useDeadLetters';

/** A run that failed: each try that did, where it stands, and what its activities did. */
export function DeadLetterDrawer({ run, onClose }: { run: string | null; onClose: () => void }) {
  const { data, error, isPending } = useDeadLetter(run);
  return (
    <Drawer opened={run !== null} onClose={onClose} position="right" size="lg" title={data ? data.letter.flowName : 'Run'}>
      {error && (
        <Alert color="red" role="alert">
          {error.message}
        </Alert>
      )}
      {isPending && !error && <Loader aria-label="Loading" />}
      {data && (
        <Stack>
          <Alert color="red" title={data.letter.activity ? `Failed in ${data.letter.activity.split(':').at(-1)}` : 'Failed'}>
            {data.letter.error}
          </Alert>
          <Text size="sm">
            Started {data.letter.eventType && `by ${data.letter.eventType} about ${data.letter.subject} `}on <Time at={data.letter.startedAt} />, failed on <Time at={data.letter.failedAt} />.
          </Text>
          <Anchor component={Link} to={`/runs/${data.letter.run}`} size="sm">
            See it on the canvas
          </Anchor>
          {data.incidents.length > 0 && (
            <Section title="Tries that failed">
              <Timeline active={data.incidents.length} bulletSize={12} lineWidth={2} color="red">
                {data.incidents.map((incident, index) => (
                  <Timeline.Item key={index} title={`${incident.activity}, try ${incident.attempt}`}>
                    <Text size="sm">{incident.message}</Text>
                    <Text size="xs" c="dimmed">
                      <Time at={incident.at} />
                    </Text>
                  </Timeline.Item>
                ))}
              </Timeline>
            </Section>
          )}
          {data.state && (
            <Section title="Where it stands">
              <Code block>{JSON.stringify({ variables: data.state.variables, executions: data.state.executions, queued: data.state.queued }, null, 2)}</Code>
            </Section>
          )}
          <Section title="What it did">
            {data.journal.length === 0 && <Text c="dimmed">Nothing that stayed.</Text>}
            <Timeline active={data.journal.length} bulletSize={12} lineWidth={2}>
              {data.journal.map((entry, index) => (
                <Timeline.Item key={index} title={`${entry.name || entry.activityId} ${entry.what}`}>
                  <Text size="xs" c="dimmed">
                    {entry.outcomes.length > 0 && `→ ${entry.outcomes.join(', ')}, `}
                    {entry.milliseconds.toFixed(1)} ms, <Time at={entry.at} />
                  </Text>
                  {entry.message && <Text size="sm">{entry.message}</Text>}
                  <Code block mt={4}>
                    {JSON.stringify({ inputs: entry.inputs, outputs: entry.outputs }, null, 2)}
                  </Code>
                </Timeline.Item>
              ))}
            </Timeline>
          </Section>
        </Stack>
      )}
    </Drawer>
  );
}

const Section = ({ title, children }: { title: string; children: React.ReactNode }) => (
  <div>
    <Title order={2} size="h5" mb="xs">
      {title}
    </Title>
    {children}
  </div>
);
