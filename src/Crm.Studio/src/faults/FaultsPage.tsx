import { Alert, Button, Group, Loader, Table, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useTitle } from '../app/useTitle';
import { RunDrawer } from './RunDrawer';
import { useFaults, type Fault } from './useFaults';

/** Runs that failed for good: why, where, and what led there. */
export function FaultsPage() {
  useTitle('Dead letters');
  const [params, setParams] = useSearchParams();
  const flow = params.get('flow') ?? '';
  const opened = params.get('run');
  const [typed, setTyped] = useState(flow);
  const filter = useDebouncedCallback((value: string) => setParams(value ? { flow: value } : {}, { replace: true }), 300);
  const faults = useFaults(flow);
  const rows = faults.data?.pages.flatMap((page) => page.items) ?? [];
  const open = (run: string | null) => setParams({ ...(flow ? { flow } : {}), ...(run ? { run } : {}) });

  return (
    <div className="page">
      <Title order={1} size="h3">
        Dead letters
      </Title>
      <Text c="dimmed" mb="lg">
        Runs of flows that were tried as often as they may be, and failed.
      </Text>
      <Group mb="md">
        <TextInput label="Flow" placeholder="Id of a flow, such as sales.deal-won" w={280} value={typed} onChange={({ currentTarget: { value } }) => (setTyped(value), filter(value))} />
      </Group>
      {faults.error && (
        <Alert color="red" role="alert" mb="md" title="They could not be read">
          {faults.error.message}
        </Alert>
      )}
      {faults.isPending && <Loader aria-label="Loading" />}
      {faults.data && (rows.length === 0 ? <Nothing flow={flow} /> : <Faults rows={rows} onOpen={open} />)}
      {faults.hasNextPage && (
        <Button mt="md" variant="default" loading={faults.isFetchingNextPage} onClick={() => void faults.fetchNextPage()}>
          Show older ones
        </Button>
      )}
      <RunDrawer id={opened} onClose={() => open(null)} />
    </div>
  );
}

const Nothing = ({ flow }: { flow: string }) => (
  <Text role="status" py="xl">
    {flow ? `No run of ${flow} has failed for good.` : 'Nothing has failed for good.'}
  </Text>
);

function Faults({ rows, onOpen }: { rows: readonly Fault[]; onOpen: (run: string) => void }) {
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table highlightOnHover verticalSpacing="sm" aria-label="Runs that failed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Flow</Table.Th>
            <Table.Th>Started by</Table.Th>
            <Table.Th>Why it failed</Table.Th>
            <Table.Th>Incidents</Table.Th>
            <Table.Th>Given up</Table.Th>
            <Table.Th aria-label="Look" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((run) => (
            <Table.Tr key={run.id}>
              <Table.Td fw={500}>{run.flow}</Table.Td>
              <Table.Td>
                <Text size="sm">{run.eventType}</Text>
                <Text size="xs" c="dimmed">
                  {run.subject}
                </Text>
              </Table.Td>
              <Table.Td maw={420}>
                <Text size="sm" lineClamp={2}>
                  {run.error}
                </Text>
                {run.errorActivity && (
                  <Text size="xs" c="dimmed">
                    in {run.errorActivity}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{run.incidents}</Table.Td>
              <Table.Td>{run.finishedAt && <Time at={run.finishedAt} />}</Table.Td>
              <Table.Td>
                <Button size="compact-sm" variant="light" aria-label={`Look at the run of ${run.flow}`} onClick={() => onOpen(run.id)}>
                  Look
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const Time = ({ at }: { at: string }) => (
  <time dateTime={at} title={at}>
    {new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}
  </time>
);
