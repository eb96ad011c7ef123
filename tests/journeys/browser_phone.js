// A telephone in a page, by SIP over WebSocket (RFC 7118): it calls, says a tone of 700 Hz, and tells
// which tone it heard loudest. It speaks just enough SIP for that.
async ({ url, host, number, listenMs }) => {
  await navigator.mediaDevices.getUserMedia({ audio: true }); // allows addresses in ICE's candidates
  const context = new AudioContext();
  await context.resume();
  const tone = new OscillatorNode(context, { frequency: 700 });
  const mouth = context.createMediaStreamDestination();
  tone.connect(mouth);
  tone.start();

  const peer = new RTCPeerConnection();
  const ear = new Promise((heard) => {
    peer.ontrack = (event) => heard(new MediaStream([event.track]));
  });
  peer.addTrack(mouth.stream.getAudioTracks()[0], mouth.stream);
  await peer.setLocalDescription();
  while (peer.iceGatheringState !== "complete") {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }

  const socket = new WebSocket(url, "sip");
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error("no WebSocket"));
  });
  const request = (method, target, to, routes, body) => {
    const lines = [
      `${method} ${target} SIP/2.0`,
      `Via: SIP/2.0/WSS page.invalid;branch=z9hG4bK${Math.random().toString(36).slice(2)}`,
      "From: <sip:browser@page.invalid>;tag=page",
      `To: ${to}`,
      "Call-ID: call@page.invalid",
      `CSeq: 1 ${method}`,
      "Contact: <sip:browser@page.invalid;transport=ws>",
      "Max-Forwards: 70",
      ...routes.map((route) => `Route: ${route}`),
      ...(body ? ["Content-Type: application/sdp"] : []),
      `Content-Length: ${body.length}`,
    ];
    socket.send(`${lines.join("\r\n")}\r\n\r\n${body}`);
  };
  const headers = (head, name) =>
    head
      .split("\r\n")
      .filter((line) => line.toLowerCase().startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).trim());

  const begun = new Promise((resolve) => {
    socket.onmessage = async ({ data }) => {
      const text = typeof data === "string" ? data : await data.text();
      const [head, body] = [text.slice(0, text.indexOf("\r\n\r\n")), text.split("\r\n\r\n")[1]];
      const status = Number(head.split(" ")[1]);
      if (head.startsWith("SIP/2.0") && status >= 200) {
        resolve({ status, head, body });
      }
    };
  });
  const target = `sip:${number}@${host}`;
  request("INVITE", target, `<${target}>`, [], peer.localDescription.sdp);
  const { status, head, body } = await begun;
  if (status !== 200) {
    return { status, hertz: 0 };
  }
  const contact = headers(head, "contact")[0].match(/<([^>]+)>/)[1];
  const routes = headers(head, "record-route").flatMap((line) => line.split(/,\s*(?=<)/));
  request("ACK", contact, headers(head, "to")[0], routes.reverse(), "");
  await peer.setRemoteDescription({ type: "answer", sdp: body });

  const analyser = new AnalyserNode(context, { fftSize: 8192 });
  const speaker = new Audio(); // without one, Chromium decodes nothing
  speaker.srcObject = await ear;
  await speaker.play();
  context.createMediaStreamSource(speaker.srcObject).connect(analyser);
  await new Promise((resolve) => setTimeout(resolve, listenMs));
  const levels = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(levels);
  const loudest = levels.indexOf(Math.max(...levels));
  return { status, hertz: (loudest * context.sampleRate) / analyser.fftSize };
};
