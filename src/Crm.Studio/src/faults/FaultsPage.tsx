import { Title } from '@mantine/core';
import { useTitle } from '../app/useTitle';

export function FaultsPage() {
  useTitle('Dead letters');
  return (
    <div className="page">
      <Title order={1} size="h3">Dead letters and incidents</Title>
    </div>
  );
}
