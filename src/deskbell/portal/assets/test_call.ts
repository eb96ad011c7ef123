// A telephone in the page: the browser's microphone and loudspeaker, keys over a data channel.

interface Call {
  peer: RTCPeerConnection;
  channel: RTCDataChannel;
  microphone: MediaStream;
  began: number;
}

const MOST_MS_FOR_CANDIDATES = 1500;
let call: Call | null = null;
let clock = 0;

function phone(): HTMLElement | null {
  return document.querySelector("[data-test-call]");
}

function part<Kind extends HTMLElement>(name: string): Kind | null {
  return phone()?.querySelector<Kind>(`[data-test-call-${name}]`) ?? null;
}

function say(words: string): void {
  const says = part("says");
  if (says) says.textContent = words;
}

function show(state: "idle" | "calling" | "talking"): void {
  const shown = phone();
  if (!shown) return;
  shown.dataset.state = state;
  const start = part<HTMLButtonElement>("start");
  const end = part<HTMLButtonElement>("end");
  if (start) start.hidden = state !== "idle";
  if (end) end.hidden = state === "idle";
  for (const key of shown.querySelectorAll<HTMLButtonElement>("[data-test-call-key]")) key.disabled = state !== "talking";
  const number = shown.querySelector<HTMLSelectElement>("[name=number]");
  if (number) number.disabled = state !== "idle";
}

function onClock(): void {
  const shown = part("clock");
  if (!shown || !call?.began) return;
  const seconds = Math.floor((performance.now() - call.began) / 1000);
  shown.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function over(words: string): void {
  const ended = call;
  call = null;
  window.clearInterval(clock);
  if (ended) {
    for (const track of ended.microphone.getTracks()) track.stop();
    ended.peer.close();
  }
  show("idle");
  say(words);
}

function hangUp(): void {
  if (call?.channel.readyState === "open") call.channel.send(JSON.stringify({ hang_up: true }));
  over("You hung up.");
}

function press(key: string): void {
  if (call?.channel.readyState !== "open") return;
  call.channel.send(JSON.stringify({ press: key }));
  const button = phone()?.querySelector<HTMLElement>(`[data-test-call-key="${CSS.escape(key)}"]`);
  button?.classList.add("is-pressed");
  window.setTimeout(() => button?.classList.remove("is-pressed"), 150);
}

function onEvent(event: string): void {
  if (event === "ringing") say("It rings.");
  if (event === "answered" && call) {
    call.began = performance.now();
    clock = window.setInterval(onClock, 250);
    onClock();
    show("talking");
    say("Connected. Press keys here or on the keyboard.");
  }
  if (event === "ended") over("The call has ended.");
  if (event === "refused") over("The call was refused: the number leads nowhere, or all lines are busy.");
}

// Every address at once, so that one request is enough; those that take long are left out.
function allCandidates(peer: RTCPeerConnection): Promise<void> {
  if (peer.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((resolve) => {
    window.setTimeout(resolve, MOST_MS_FOR_CANDIDATES);
    peer.addEventListener("icegatheringstatechange", () => {
      if (peer.iceGatheringState === "complete") resolve();
    });
  });
}

async function microphone(): Promise<MediaStream | null> {
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true } });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    if (name === "NotAllowedError") over("The browser may not use the microphone. Allow it for this page and call again.");
    else if (name === "NotFoundError") over("There is no microphone. Connect one and call again.");
    else over("The microphone cannot be used: a page needs HTTPS, or localhost, for it.");
    return null;
  }
}

async function answerTo(peer: RTCPeerConnection): Promise<string> {
  const shown = phone();
  const token = shown?.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
  const number = shown?.querySelector<HTMLSelectElement>("[name=number]")?.value ?? "";
  const reply = await fetch(shown?.dataset.url ?? "", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ number, sdp: peer.localDescription?.sdp ?? "" }),
  });
  const found = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Error(found.error ?? "The call cannot be made now. Please try again.");
  return found.sdp;
}

async function start(): Promise<void> {
  if (call || phone()?.dataset.state !== "idle") return;
  show("calling");
  say("Calling …");
  const heard = await microphone();
  if (!heard) return;
  const peer = new RTCPeerConnection();
  const channel = peer.createDataChannel("call");
  call = { peer, channel, microphone: heard, began: 0 };
  channel.addEventListener("message", (message) => onEvent(JSON.parse(message.data).event));
  peer.addEventListener("track", (event) => {
    const audio = part<HTMLAudioElement>("audio");
    if (audio) audio.srcObject = event.streams[0] ?? new MediaStream([event.track]);
  });
  peer.addEventListener("connectionstatechange", () => {
    if (call?.peer === peer && peer.connectionState === "failed") over("No audio gets through: a firewall stands between this browser and the gateway.");
  });
  for (const track of heard.getTracks()) peer.addTrack(track, heard);
  try {
    await peer.setLocalDescription();
    await allCandidates(peer);
    const sdp = await answerTo(peer);
    if (call?.peer === peer) await peer.setRemoteDescription({ type: "answer", sdp });
  } catch (error) {
    if (call?.peer === peer) over(error instanceof Error ? error.message : "The call cannot be made now.");
  }
}

document.addEventListener("click", (event) => {
  const target = event.target as Element;
  const key = target.closest<HTMLElement>("[data-test-call-key]")?.dataset.testCallKey;
  if (key) press(key);
  else if (target.closest("[data-test-call-start]")) void start();
  else if (target.closest("[data-test-call-end]")) hangUp();
});

document.addEventListener("keydown", (event) => {
  if (!call?.began || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key.length === 1 && "0123456789*#".includes(event.key)) press(event.key);
});

window.addEventListener("pagehide", () => {
  if (call) hangUp();
});
