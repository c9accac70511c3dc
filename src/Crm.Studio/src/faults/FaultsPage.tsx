import { Alert, Button, Group, Loader, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { useTitle } from '../app/useTitle';
import { DeadLetterDrawer } from './DeadLetterDrawer';
import { DeadLetterTable } from './DeadLetterTable';
import { Interventions } from './Interventions';
import { useDeadLetters } from './useDeadLetters';

/** Runs that failed for good: why, where, what led there; and what to do with them. */
export function FaultsPage() {
  useTitle('Dead letters');
  const [params, setParams] = useSearchParams();
  const filter = { flow: params.get('flow') ?? '', error: params.get('error') ?? '' };
  const [typed, setTyped] = useState(filter);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const change = (name: string, value: string, replace: boolean) =>
    setParams((was) => (value ? was.set(name, value) : was.delete(name), was), { replace });
  const filterLater = useDebouncedCallback((name: string, value: string) => (setChosen(new Set()), change(name, value, true)), 300);
  const letters = useDeadLetters(filter);
  const rows = letters.data?.pages.flatMap((page) => page.items) ?? [];
  const type = (name: 'flow' | 'error', value: string) => (setTyped({ ...typed, [name]: value }), filterLater(name, value));

  return (
    <div className="page">
      <Title order={1} size="h3">
        Dead letters
      </Title>
      <Text c="dimmed" mb="lg">
        Runs of flows that were tried as often as they may be, and failed.
      </Text>
      <Group mb="md" align="end">
        <TextInput label="Flow" placeholder="Id of a flow" w={260} value={typed.flow} onChange={(event) => type('flow', event.currentTarget.value)} />
        <TextInput label="Reason" placeholder="Part of why it failed" w={260} value={typed.error} onChange={(event) => type('error', event.currentTarget.value)} />
        <Interventions chosen={chosen} filter={filter} shown={rows.length} onDone={() => setChosen(new Set())} />
      </Group>
      {letters.error && (
        <Alert color="red" role="alert" mb="md" title="They could not be read">
          {letters.error.message}
        </Alert>
      )}
      {letters.isPending && <Loader aria-label="Loading" />}
      {letters.data && rows.length === 0 && (
        <Text role="status" py="xl">
          {filter.flow || filter.error ? 'None is like that.' : 'Nothing has failed for good.'}
        </Text>
      )}
      {rows.length > 0 && <DeadLetterTable rows={rows} chosen={chosen} onChoose={setChosen} onOpen={(run) => change('run', run, false)} />}
      {letters.hasNextPage && (
        <Button mt="md" variant="default" loading={letters.isFetchingNextPage} onClick={() => void letters.fetchNextPage()}>
          Show older ones
        </Button>
      )}
      <DeadLetterDrawer run={params.get('run')} onClose={() => change('run', '', false)} />
    </div>
  );
}
