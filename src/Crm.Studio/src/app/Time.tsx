/** A moment, in the words of who looks; to the letter when one points at it. */
export const Time = ({ at }: { at: string }) => (
  <time dateTime={at} title={at}>
    {new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })}
  </time>
);
