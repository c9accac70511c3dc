/** Runs in the frame: starts Elsa Studio, shows one of its elements at a time, and hands on our sign-in. */
import './frame.css';
import { colour } from './colours';
import { handOn } from './handOn';
import { listen, tell, type FromFrame, type ToFrame } from './protocol';
import { show } from './stage';
import { receive } from './token';

declare const Blazor: { start(): Promise<void> };

const app = (message: FromFrame) => tell(parent, message);

listen<ToFrame>(() => parent, (message) => {
  if (message.crm === 'token') receive(message.token);
  if (message.crm === 'show') void show(message.path);
  if (message.crm === 'colours') colour(message.dark);
});

// The application keeps the history: what moves in here replaces, and is told.
const replaceState = history.replaceState.bind(history);
for (const name of ['pushState', 'replaceState'] as const) {
  history[name] = (data, unused, url) => {
    const before = location.href;
    replaceState(data, unused, url);
    const path = here();
    if (location.href !== before) app({ crm: 'moved', path, replace: name === 'replaceState' || path.split('?')[0] === before.slice(document.baseURI.length).split('?')[0] });
  };
}

const here = () => location.href.slice(document.baseURI.length).split('#')[0] ?? '';

// Elsa Studio believes that it has the whole site.
addEventListener(
  'click',
  (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="/workflows/"]') : null;
    if (!link) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    app({ crm: 'moved', path: link.getAttribute('href')!.slice(1), replace: false });
  },
  { capture: true },
);

// Blazor shows this when something in it broke, and from then on nothing in it can be relied on.
const broken = document.getElementById('blazor-error-ui')!;
new MutationObserver(() => broken.style.display === 'block' && app({ crm: 'broken' })).observe(broken, { attributes: true, attributeFilter: ['style'] });

handOn();
app({ crm: 'ready' });
await Blazor.start();
