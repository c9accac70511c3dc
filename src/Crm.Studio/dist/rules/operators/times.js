import { Thrown } from '../errors.js';
import { operator } from '../operator.js';
import { find } from '../paths.js';
// Times are counted in ticks of 100 ns, as the server does, from the first moment of the year 1.
const TicksPerMillisecond = 10000n;
const TicksPerSecond = 10000000n;
const TicksPerDay = 86400n * TicksPerSecond;
const Epoch = 621355968000000000n;
const MaxTicks = 3155378975999999999n;
/** Times and durations. */
export const times = {
    now: operator(0, 0, 'list', call => {
        const now = find(call.above.root, ['now']);
        if (typeof now !== 'string')
            throw Thrown.wrongArguments();
        return now;
    }),
    date: operator(1, 1, 'single', call => write(timeOf(call, 0))),
    daysBetween: operator(2, 2, 'list', call => {
        const from = timeOf(call, 0);
        return Number((timeOf(call, 1) - from) / TicksPerDay);
    }),
    addDuration: operator(2, 2, 'list', call => {
        const time = timeOf(call, 0);
        const ticks = time + durationOf(call.value(1));
        if (ticks < 0n || ticks > MaxTicks)
            throw Thrown.wrongArguments();
        return write(ticks);
    }),
};
function timeOf(call, argument) {
    const value = call.value(argument);
    const ticks = typeof value === 'string' && value.length <= 40 ? read(value) : undefined;
    if (ticks === undefined)
        throw Thrown.wrongArguments();
    return ticks;
}
const Form = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{0,7}))?)?(?:Z|([+-])(\d\d):(\d\d)))?$/;
function read(text) {
    const parts = Form.exec(text);
    if (parts === null)
        return undefined;
    const [year, month, day, hour, minute, second, , , offsetHours, offsetMinutes] = parts.slice(1).map(part => Number(part ?? 0));
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    const isDate = year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
    if (!isDate || hour > 23 || minute > 59 || second > 59 || offsetMinutes > 59 || offsetHours * 60 + offsetMinutes > 14 * 60)
        return undefined;
    const seconds = BigInt(date.getTime() / 1000 + hour * 3600 + minute * 60 + second);
    const offset = BigInt((parts[8] === '-' ? -60 : 60) * (offsetHours * 60 + offsetMinutes));
    const ticks = Epoch + (seconds - offset) * TicksPerSecond + BigInt((parts[7] ?? '').padEnd(7, '0'));
    return ticks >= 0n && ticks <= MaxTicks ? ticks : undefined;
}
const write = (ticks) => new Date(Number((ticks - (ticks % TicksPerMillisecond) - Epoch) / TicksPerMillisecond)).toISOString();
const Weeks = /^(-?)P(\d{1,5})W$/;
const Duration = /^(-?)P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})(?:\.(\d{1,7}))?S)?)?$/;
function durationOf(value) {
    if (typeof value !== 'string')
        throw Thrown.wrongArguments();
    const weeks = Weeks.exec(value);
    if (weeks !== null)
        return signed(weeks[1], BigInt(weeks[2]) * 7n * TicksPerDay);
    const parts = Duration.exec(value);
    if (parts === null || value.endsWith('P') || value.endsWith('T'))
        throw Thrown.wrongArguments();
    const [days, hours, minutes, seconds] = parts.slice(2, 6).map(part => BigInt(part ?? 0));
    return signed(parts[1], days * TicksPerDay + (hours * 3600n + minutes * 60n + seconds) * TicksPerSecond + BigInt((parts[6] ?? '').padEnd(7, '0')));
}
const signed = (sign, ticks) => (sign === '-' ? -ticks : ticks);
