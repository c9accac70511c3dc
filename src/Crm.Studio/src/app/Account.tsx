import { Button, Menu, SegmentedControl, Text, useMantineColorScheme } from '@mantine/core';
import { useMe } from '../api/me';
import { signOut } from '../session/signOut';
import { Icon, type IconName } from './Icon';

const SCHEMES: readonly { value: 'light' | 'auto' | 'dark'; label: string; icon: IconName }[] = [
  { value: 'light', label: 'Light colours', icon: 'light' },
  { value: 'auto', label: 'Colours of the system', icon: 'system' },
  { value: 'dark', label: 'Dark colours', icon: 'dark' },
];

/** Who is signed in and where; colours; the way out. */
export function Account() {
  const { data: me } = useMe();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Text className="where" size="sm" c="dimmed" truncate data-testid="workspace">
        {me?.workspace.name}
      </Text>
      <SegmentedControl
        ml="auto"
        size="xs"
        aria-label="Colours"
        value={colorScheme}
        onChange={(value) => setColorScheme(value as 'light' | 'auto' | 'dark')}
        data={SCHEMES.map(({ value, label, icon }) => ({ value, label: <span role="img" aria-label={label} title={label} style={{ display: 'block', lineHeight: 0, padding: 2 }}><Icon name={icon} size={16} /></span> }))}
      />
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <Button className="who" variant="subtle" color="gray" size="compact-md" fw={500}>
            {me?.name ?? '…'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{me?.email}</Menu.Label>
          <Menu.Label>{me?.roles.join(', ')}</Menu.Label>
          <Menu.Item leftSection={<Icon name="out" size={16} />} onClick={() => void signOut()}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
