import { API } from './handOn';
import { tell, type FromFrame } from './protocol';
import { token } from './token';

declare const Blazor: { navigateTo(url: string, options: { replaceHistoryEntry: boolean }): void };

interface Scene {
  readonly tag: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly callbacks?: Readonly<Record<string, (id: string) => void>>;
  /** What has to be there, or the element breaks. */
  readonly needs?: string;
}

// A removed element lives on for a second, and two of them do not get on.
const GONE = 1200;

let shown: string | undefined;
let last = Promise.resolve();

/** Shows one place of Elsa Studio; nothing when there is none. */
export function show(path: string | null): Promise<void> {
  const key = path?.split('?')[0] ?? '';
  if (shown === key) return last;
  shown = key;
  last = last.then(() => (shown === key ? change(path) : undefined));
  return last;
}

async function change(path: string | null): Promise<void> {
  const slot = document.getElementById('slot')!;
  if (slot.firstElementChild) {
    slot.replaceChildren();
    await new Promise((resolve) => setTimeout(resolve, GONE));
  }
  if (path === null) return;
  const scene = sceneOf(path);
  await customElements.whenDefined(scene.tag);
  if (scene.needs && (await fetch(API + scene.needs)).status === 404) return tell<FromFrame>(parent, { crm: 'missing', path });
  if (here() !== path) Blazor.navigateTo(document.baseURI + path, { replaceHistoryEntry: true });
  slot.replaceChildren(elementOf(scene, await token()));
  tell<FromFrame>(parent, { crm: 'shown', path });
}

// Made and put in its place at once: it begins to render with its first attribute, wherever it is.
function elementOf({ tag, attributes, callbacks }: Scene, token: string): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries({ ...attributes, 'remote-endpoint': API, 'access-token': token })) element.setAttribute(name, value);
  return Object.assign(element, callbacks);
}

function sceneOf(path: string): Scene {
  const [, kind, id] = /^workflows\/(definitions|instances)(?:\/([^/?]+)\/(?:edit|view))?/.exec(path) ?? [];
  const edit = (definition: string) => move(`workflows/definitions/${encodeURIComponent(definition)}/edit`);
  const view = (instance: string) => move(`workflows/instances/${encodeURIComponent(instance)}/view`);
  if (kind === 'instances') {
    return id
      ? { tag: 'elsa-workflow-instance-viewer', attributes: { 'instance-id': decodeURIComponent(id) }, callbacks: { editWorkflowDefinition: edit }, needs: `/workflow-instances/${id}` }
      : { tag: 'elsa-workflow-instance-list', callbacks: { viewWorkflowInstance: view } };
  }
  return id
    ? { tag: 'elsa-workflow-definition-editor', attributes: { 'definition-id': decodeURIComponent(id) }, needs: `/workflow-definitions/by-definition-id/${id}?versionOptions=Latest` }
    : { tag: 'elsa-workflow-definition-list', callbacks: { editWorkflowDefinition: edit } };
}

/** Somebody in here wants to be elsewhere: the application goes there, and has us follow. */
const move = (path: string) => tell<FromFrame>(parent, { crm: 'moved', path, replace: false });

const here = () => location.href.slice(document.baseURI.length).split('#')[0];
