// Evaluates lines {"rule":…,"data":…} from standard input with the rules of the browser.
// node evaluate.mjs <folder of the built rules> [needsServer: tells that instead]
import { pathToFileURL } from 'node:url';

const { evaluate, needsServer } = await import(pathToFileURL(`${process.argv[2]}/index.js`).href);
process.stdin.setEncoding('utf8');
let rest = '';
for await (const chunk of process.stdin) {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  process.stdout.write(lines.map(line => `${answer(JSON.parse(line))}\n`).join(''));
}

function answer({ rule, data }) {
  try {
    return JSON.stringify(process.argv[3] === 'needsServer' ? { result: needsServer(rule) } : evaluate(rule, data));
  } catch (error) {
    return JSON.stringify({ crash: String(error?.stack ?? error) });
  }
}
