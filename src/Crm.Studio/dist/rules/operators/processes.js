import { Thrown } from '../errors.js';
import { Any, operator } from '../operator.js';
import { find } from '../paths.js';
import { isList } from '../values.js';
import { isIn } from './lists.js';
/** What processes ask for. These look into the data of the whole rule, wherever they stand. */
export const processes = {
    hasRole: operator(1, Any, 'spread', call => {
        const roles = find(call.above.root, ['actor', 'roles']) ?? null;
        for (let i = 0; i < call.count; i++) {
            if (isIn(call.value(i), roles))
                return true;
        }
        return false;
    }),
    changed: operator(1, Any, 'single', changed),
    decide: operator(1, 2, 'single', () => {
        // Decisions are published with a process and stay on the server; see needsServer.
        throw Thrown.wrongArguments();
    }),
};
/** Whether one of these facts is changed by what is decided about: they, a part of them or what they are part of. */
function changed(call) {
    const facts = Array.from({ length: call.count }, (_, i) => call.constant(i));
    if (!facts.every(fact => typeof fact === 'string' && fact.length > 0))
        throw Thrown.wrongArguments();
    const changes = find(call.above.root, ['changed']) ?? null;
    return isList(changes) && changes.some(change => typeof change === 'string' && facts.some(fact => isWithin(fact, change) || isWithin(change, fact)));
}
const isWithin = (path, whole) => path.startsWith(whole) && (path.length === whole.length || path[whole.length] === '.');
