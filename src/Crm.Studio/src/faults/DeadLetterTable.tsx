import { Button, Checkbox, Table, Text } from '@mantine/core';
import { Time } from '../app/Time';
import type { DeadLetter } from './useDeadLetters';

interface Props {
  readonly rows: readonly DeadLetter[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
  readonly onOpen: (run: string) => void;
}

export function DeadLetterTable({ rows, chosen, onChoose, onOpen }: Props) {
  const all = rows.every((row) => chosen.has(row.run));
  const toggle = (run: string) => onChoose(new Set(chosen.has(run) ? [...chosen].filter((one) => one !== run) : [...chosen, run]));
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table highlightOnHover verticalSpacing="sm" aria-label="Runs that failed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={44}>
              <Checkbox aria-label="Choose all that are shown" checked={all} indeterminate={!all && chosen.size > 0} onChange={() => onChoose(new Set(all ? [] : rows.map((row) => row.run)))} />
            </Table.Th>
            <Table.Th>Flow</Table.Th>
            <Table.Th>Started by</Table.Th>
            <Table.Th>Why it failed</Table.Th>
            <Table.Th>Failed</Table.Th>
            <Table.Th aria-label="Look" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.run} {...(chosen.has(row.run) ? { bg: 'var(--mantine-primary-color-light)' } : {})}>
              <Table.Td>
                <Checkbox aria-label={`Choose the run of ${row.flowName}`} checked={chosen.has(row.run)} onChange={() => toggle(row.run)} />
              </Table.Td>
              <Two one={row.flowName} other={row.flow} />
              <Two one={row.eventType ?? 'by hand'} other={row.subject} />
              <Two one={row.error} other={row.activity && `in ${row.activity.split(':').at(-1)}`} />
              <Table.Td>
                <Time at={row.failedAt} />
              </Table.Td>
              <Table.Td>
                <Button size="compact-sm" variant="light" aria-label={`Look at the run of ${row.flowName}`} onClick={() => onOpen(row.run)}>
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

const Two = ({ one, other }: { one: string; other: string | null }) => (
  <Table.Td maw={420}>
    <Text size="sm" lineClamp={2}>
      {one}
    </Text>
    <Text size="xs" c="dimmed">
      {other}
    </Text>
  </Table.Td>
);
