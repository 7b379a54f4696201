// Takes the poses it is asked for by itself: the first after a second, the others two seconds apart.
const FIRST_MS = 1000;
const NEXT_MS = 2000;
const LONGEST_PX = 1600;
const QUALITY = 0.92;
const INSTEAD = "Upload photos instead; on a phone, the upload offers its camera.";
const TROUBLE = {
  NotAllowedError: "The browser was not allowed to use the camera: allow it beside the address.",
  NotFoundError: "There is no camera here.",
  NotReadableError: "Another program is using the camera: close it and try again.",
};
const running = new WeakMap();

export default function (component) {
  const { parentElement: root, data, setTriggerValue } = component;
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const start = part("start");
  start.textContent = data.start;
  start.onclick = () => takeAll(root, part, data.poses, setTriggerValue);
  part("stop").onclick = () => stop(root, part);
  return () => stop(root, part);
}

async function takeAll(root, part, poses, setTriggerValue) {
  stop(root, part);
  part("trouble").textContent = "";
  const run = { stream: null, over: false };
  running.set(root, run);
  part("start").hidden = true;
  try {
    run.stream = await camera();
    if (run.over) {
      end(run);
      return;
    }
    const video = part("video");
    part("stage").hidden = false;
    video.srcObject = run.stream;
    await video.play();
    const taken = [];
    for (const pose of poses) {
      part("say").textContent = `${taken.length + 1} of ${poses.length}: ${pose.say}`;
      await pause(taken.length ? NEXT_MS : FIRST_MS);
      if (run.over) return;
      taken.push({ view: pose.view, jpeg: still(video) });
    }
    stop(root, part);
    part("say").textContent = "Thank you. The pictures are taken.";
    setTriggerValue("taken", taken);
  } catch (error) {
    if (!run.over) {
      stop(root, part);
      part("trouble").textContent = `${TROUBLE[error.name] ?? error.message} ${INSTEAD}`;
    }
  }
}

async function camera() {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new Error(
      window.isSecureContext
        ? "This browser lends no camera to a page."
        : "A browser lends its camera only to pages of this computer or over https.",
    );
  }
  return navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 720 } },
  });
}

function still(video) {
  const scale = Math.min(1, LONGEST_PX / Math.max(video.videoWidth, video.videoHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/jpeg", QUALITY);
}

function stop(root, part) {
  const run = running.get(root);
  if (run) {
    run.over = true;
    end(run);
    running.delete(root);
  }
  part("stage").hidden = true;
  part("start").hidden = false;
  part("say").textContent = "";
}

function end(run) {
  run.stream?.getTracks().forEach((track) => track.stop());
}

function pause(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}
