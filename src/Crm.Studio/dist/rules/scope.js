/** Finds what lies that many levels up; `undefined` when there are not so many. */
export function climb(data, above, levels) {
    if (levels === 0)
        return data;
    const found = find(above, levels);
    if (found?.data === undefined)
        return undefined;
    if (levels % 2 === 0)
        return found.data;
    return found.iterator ? { index: found.index, iterator: found.iterator } : null;
}
function find(above, levels) {
    for (; levels > 2 && above !== undefined; levels -= 2)
        above = above.next;
    return above;
}
