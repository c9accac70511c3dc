import { Alert, Button, Loader, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { accessToken, current, subscribe } from '../session/session';
import { listen, tell, type FromFrame, type ToFrame } from './protocol';

interface Props {
  /** What to show; `undefined` while something else is shown: the frame rests then, and is quickly back. */
  readonly path: string | undefined;
  readonly title: string;
  readonly dark: boolean;
  readonly onMoved: (path: string, replace: boolean) => void;
}

type State = 'loading' | 'shown' | 'missing' | 'broken';

/** Elsa Studio, in a page of its own: it wants its own base address and styles, and what breaks in it breaks nothing here. */
export function ElsaFrame(props: Props) {
  // Loaded when it is first wanted; another one when it broke.
  const [opened, setOpened] = useState(false);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (props.path !== undefined) setOpened(true);
  }, [props.path]);
  return opened ? <Frame key={round} {...props} onReload={() => setRound(round + 1)} /> : null;
}

function Frame({ path, title, dark, onMoved, onReload }: Props & { readonly onReload: () => void }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [source] = useState(() => `/studio/elsa/${path ?? ''}`);
  const [ready, setReady] = useState(false);
  const [state, setState] = useState<State>('loading');
  const [waiting, setWaiting] = useState(false);
  const moved = useRef(onMoved);
  moved.current = onMoved;
  const shows = path?.split('?')[0];
  const wanted = useRef(shows);
  wanted.current = shows;

  useEffect(() => {
    const say = (message: ToFrame) => tell(frame.current?.contentWindow, message);
    const give = (refused?: string) => void accessToken(refused).then((token) => say({ crm: 'token', token }), () => setTimeout(() => give(refused), 2000));
    const stopListening = listen<FromFrame>(() => frame.current?.contentWindow, (message) => {
      if (message.crm === 'ready') (setReady(true), give());
      if (message.crm === 'token') give(message.refused ?? undefined);
      if (message.crm === 'moved') moved.current(message.path, message.replace);
      if (message.crm === 'broken') setState('broken');
      // What was wanted before may come late.
      if ((message.crm === 'shown' || message.crm === 'missing') && message.path.split('?')[0] === wanted.current) setState(message.crm);
      if (message.crm === 'waiting') setWaiting(message.waiting);
    });
    const stopWatching = subscribe(() => {
      const session = current();
      if (session.state === 'in') say({ crm: 'token', token: session.tokens.accessToken });
    });
    return () => (stopListening(), stopWatching());
  }, []);

  useEffect(() => {
    if (!ready) return;
    if (shows !== undefined) setState((was) => (was === 'broken' ? was : 'loading'));
    tell<ToFrame>(frame.current?.contentWindow, { crm: 'show', path: path ?? null });
    // What changes behind the question mark is the list's own doing.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [ready, shows]);

  useEffect(() => {
    if (ready) tell<ToFrame>(frame.current?.contentWindow, { crm: 'colours', dark });
  }, [ready, dark]);

  const resting = path === undefined;
  return (
    <>
      <iframe ref={frame} className="elsa" src={source} title={title} inert={resting || state !== 'shown'} />
      {!resting && state === 'loading' && <div className="notice" role="status"><Loader aria-hidden /><Text c="dimmed">Loading…</Text></div>}
      {!resting && state === 'missing' && <div className="notice" role="alert"><Text fw={600}>There is nothing here.</Text><Text c="dimmed">It may have been deleted.</Text></div>}
      {!resting && state === 'broken' && (
        <div className="notice" role="alert">
          <Text fw={600}>Elsa Studio stopped.</Text>
          <Text c="dimmed" maw={420}>What you changed up to a moment ago was saved as you went.</Text>
          <Button onClick={onReload}>Load it again</Button>
        </div>
      )}
      {!resting && waiting && <Alert className="bar" color="yellow" role="status">The server is out of reach. What you changed is sent as soon as it is back.</Alert>}
    </>
  );
}
