// The desk's clock, in a thread of its own: browsers slow the timers of a page that nobody sees, and
// a telephone has to ring there as well.

setInterval(() => postMessage(0), 1000);
