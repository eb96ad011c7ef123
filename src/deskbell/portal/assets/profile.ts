// My Profile: cropping a picture before it is sent, and ticking off a password's rule.

const SIZE = 256;

interface Square {
  x: number;
  y: number;
  side: number;
}

document.addEventListener("change", (event) => {
  const input = event.target as HTMLInputElement;
  const form = input.closest<HTMLFormElement>("[data-picture-form]");
  if (form && input.matches("[data-picture]")) void begin(form, input.files?.[0]);
});

/** Shows what was chosen; what the browser cannot read is sent as it is, and judged there. */
async function begin(form: HTMLFormElement, file: File | undefined): Promise<void> {
  const part = form.querySelector<HTMLElement>("[data-cropping]");
  const canvas = part?.querySelector<HTMLCanvasElement>("[data-crop-canvas]");
  if (!part || !canvas) return;
  for (const field of form.querySelectorAll<HTMLInputElement>("[data-crop]")) field.value = "";
  const picture = file ? await createImageBitmap(file).catch(() => null) : null;
  part.hidden = picture === null;
  if (picture) new Cropping(form, canvas, picture);
}

/** One picture being cropped: three sliders say what is seen of it, and dragging moves two of them. */
class Cropping {
  private readonly zoom: HTMLInputElement;
  private readonly across: HTMLInputElement;
  private readonly down: HTMLInputElement;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly canvas: HTMLCanvasElement,
    private readonly picture: ImageBitmap,
  ) {
    [this.zoom, this.across, this.down] = ["zoom", "across", "down"].map((name, place) => {
      const slider = form.querySelector<HTMLInputElement>(`[data-crop-${name}]`)!;
      slider.value = place ? "50" : "100";
      slider.oninput = () => this.draw();
      return slider;
    }) as [HTMLInputElement, HTMLInputElement, HTMLInputElement];
    canvas.onpointerdown = (event) => canvas.setPointerCapture(event.pointerId);
    canvas.onpointermove = (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) this.drag(event.movementX, event.movementY);
    };
    this.draw();
  }

  private square(): Square {
    const { width, height } = this.picture;
    const side = Math.max(1, Math.floor((Math.min(width, height) * 100) / Number(this.zoom.value)));
    return {
      x: Math.round(((width - side) * Number(this.across.value)) / 100),
      y: Math.round(((height - side) * Number(this.down.value)) / 100),
      side,
    };
  }

  private draw(): void {
    const square = this.square();
    const pen = this.canvas.getContext("2d");
    pen?.clearRect(0, 0, SIZE, SIZE);
    pen?.drawImage(this.picture, square.x, square.y, square.side, square.side, 0, 0, SIZE, SIZE);
    for (const field of this.form.querySelectorAll<HTMLInputElement>("[data-crop]")) {
      field.value = String(square[field.dataset.crop as keyof Square]);
    }
  }

  private drag(right: number, downwards: number): void {
    const { side } = this.square();
    const scale = side / this.canvas.clientWidth;
    move(this.across, right * scale, this.picture.width - side);
    move(this.down, downwards * scale, this.picture.height - side);
    this.draw();
  }
}

/** Moves a slider against a drag of so many pixels of the picture, of all it can be moved. */
function move(slider: HTMLInputElement, pixels: number, room: number): void {
  slider.step = "any";
  if (room > 0) slider.value = String(Number(slider.value) - (pixels * 100) / room);
}

document.addEventListener("input", (event) => {
  const field = event.target as HTMLInputElement;
  const list = field.id ? document.querySelector(`[data-hints="${CSS.escape(field.id)}"]`) : null;
  for (const hint of list?.querySelectorAll<HTMLElement>("[data-hint]") ?? []) {
    const isMet = new RegExp(hint.dataset.hint ?? "").test(field.value);
    hint.classList.toggle("is-met", isMet);
    if (isMet) hint.setAttribute("aria-label", `${hint.textContent}: met`);
    else hint.removeAttribute("aria-label");
  }
});
