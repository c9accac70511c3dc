import { Button, Group, Modal, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { asked, useIntervention, type Batch, type Filter } from './useDeadLetters';

interface Props {
  readonly chosen: ReadonlySet<string>;
  readonly filter: Filter;
  readonly shown: number;
  readonly onDone: () => void;
}

/** Replays or discards what is chosen, or else all that the filter finds: those are asked about first, for they are more than one sees. */
export function Interventions({ chosen, filter, shown, onDone }: Props) {
  const [question, setQuestion] = useState<'replay' | 'discard' | null>(null);
  const [replay, discard] = [useIntervention('replay'), useIntervention('discard')];
  const selection = chosen.size > 0 ? { runs: [...chosen] } : asked(filter);
  const which = chosen.size > 0 ? `${chosen.size} chosen` : 'all that the filter finds';
  const possible = shown > 0 && (chosen.size > 0 || Object.keys(asked(filter)).length > 0);

  function intervene(what: 'replay' | 'discard') {
    setQuestion(null);
    (what === 'replay' ? replay : discard).mutate(selection, {
      onSuccess: (batch) => (tell(what, batch), onDone()),
      onError: (error) => notifications.show({ color: 'red', title: 'That was not done', message: error.message }),
    });
  }

  return (
    <>
      <Button disabled={!possible} loading={replay.isPending} onClick={() => (chosen.size > 0 ? intervene('replay') : setQuestion('replay'))}>
        Replay {possible && which}
      </Button>
      <Button disabled={!possible} variant="default" loading={discard.isPending} onClick={() => setQuestion('discard')}>
        Discard {possible && which}
      </Button>
      <Modal opened={question !== null} onClose={() => setQuestion(null)} title={question === 'discard' ? `Discard ${which}?` : `Replay ${which}?`} centered>
        <Text size="sm">{question === 'discard' ? 'They cannot be replayed any more. Their journals stay.' : 'Each goes on from the activity it failed in.'}</Text>
        <Group mt="lg" justify="end">
          <Button variant="default" onClick={() => setQuestion(null)}>
            Leave them
          </Button>
          <Button color={question === 'discard' ? 'red' : 'brand'} onClick={() => question && intervene(question)}>
            {question === 'discard' ? 'Discard' : 'Replay'}
          </Button>
        </Group>
      </Modal>
    </>
  );
}

function tell(what: 'replay' | 'discard', { count, refused, hasMore }: Batch): void {
  const done = what === 'replay' ? 'replayed' : 'discarded';
  notifications.show({
    color: refused.length > 0 ? 'yellow' : 'green',
    title: `${count} ${done}`,
    message: [refused.length > 0 && `${refused.length} were not: ${[...new Set(refused.map((r) => r.why))].join(' ')}`, hasMore && 'There are more; do it again.'].filter(Boolean).join(' '),
  });
}
