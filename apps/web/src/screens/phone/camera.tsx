import type { CornerMarks } from '@lantai/reading/photo';
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../../words/words.tsx';
import { lookAtVideo, takePicture } from './shots.ts';

/** Rests between two looks, so that the telephone stays cool. */
const LOOK_REST_MS = 250;
/** As large as the camera gives. */
const VIDEO = { facingMode: { ideal: 'environment' }, width: { ideal: 4096 }, height: { ideal: 3072 } };

type CameraState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'on'; readonly stream: MediaStream }
  | { readonly kind: 'off'; readonly why: 'none' | 'refused' | 'busy' };

/** The camera of the telephone, on while this is shown. */
function useCamera(): CameraState {
  const [state, setState] = useState<CameraState>({ kind: 'starting' });
  useEffect(() => {
    let stream: MediaStream | null = null;
    let isGone = false;
    const stop = () => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    if (!navigator.mediaDevices?.getUserMedia) {
      setState({ kind: 'off', why: 'none' });
      return;
    }
    navigator.mediaDevices.getUserMedia({ video: VIDEO, audio: false }).then(
      (given) => {
        stream = given;
        if (isGone) stop();
        else setState({ kind: 'on', stream: given });
      },
      (error: unknown) => {
        const refused = error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'SecurityError');
        if (!isGone) setState({ kind: 'off', why: refused ? 'refused' : 'busy' });
      },
    );
    return () => {
      isGone = true;
      stop();
    };
  }, []);
  return state;
}

/** The sheet that the camera sees, looked for again and again. */
function useSheet(video: HTMLVideoElement | null): CornerMarks | null {
  const [corners, setCorners] = useState<CornerMarks | null>(null);
  useEffect(() => {
    if (!video) return;
    let timer = 0;
    const look = () => {
      if (video.videoWidth > 0) setCorners(lookAtVideo(video));
      timer = window.setTimeout(look, LOOK_REST_MS);
    };
    look();
    return () => window.clearTimeout(timer);
  }, [video]);
  return corners;
}

function Live({ stream, onTaken }: { stream: MediaStream; onTaken: (file: File) => void }) {
  const { w } = useWords();
  const [video, setVideo] = useState<HTMLVideoElement | null>(null);
  const [size, setSize] = useState<readonly [number, number]>([4, 3]);
  const [isTaking, setTaking] = useState(false);
  const sheet = useSheet(video);
  useEffect(() => {
    if (video) video.srcObject = stream;
  }, [video, stream]);
  const track = stream.getVideoTracks()[0];
  const take = () => {
    if (!video || !track) return;
    setTaking(true);
    takePicture(video, track).then(onTaken, () => setTaking(false));
  };
  return (
    <>
      <div className="live" style={{ aspectRatio: `${size[0]} / ${size[1]}` }}>
        <video
          ref={setVideo}
          autoPlay
          playsInline
          muted
          aria-label={w('shot.video')}
          onLoadedMetadata={(event) => setSize([event.currentTarget.videoWidth, event.currentTarget.videoHeight])}
        />
        {sheet && (
          <svg viewBox="0 0 65536 65536" preserveAspectRatio="none" aria-hidden="true">
            <polygon points={sheet.map((p) => p.join(',')).join(' ')} />
          </svg>
        )}
      </div>
      <p className="hint" role="status">
        {w(sheet ? 'shot.seen' : 'shot.looking')}
      </p>
      <button type="button" className="shutter" disabled={isTaking || !video} onClick={take}>
        {w('shot.take')}
      </button>
    </>
  );
}

/** Takes photographs: by the live camera where the browser lets it, by the system's own always. */
export function Camera({ onTaken }: { onTaken: (file: File) => void }) {
  const { w } = useWords();
  const camera = useCamera();
  const input = useRef<HTMLInputElement>(null);
  return (
    <section className="camera">
      {camera.kind === 'on' && <Live stream={camera.stream} onTaken={onTaken} />}
      {camera.kind === 'off' && camera.why !== 'none' && (
        <p className="trouble" role="alert">
          {w(camera.why === 'refused' ? 'shot.cameraRefused' : 'shot.cameraBusy')}
        </p>
      )}
      <button type="button" className={camera.kind === 'on' ? 'plain' : 'shutter'} onClick={() => input.current?.click()}>
        {w('shot.system')}
      </button>
      <input
        ref={input}
        type="file"
        accept="image/jpeg,image/png,image/webp"
        capture="environment"
        hidden
        tabIndex={-1}
        aria-hidden="true"
        data-input="photograph"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) onTaken(file);
        }}
      />
    </section>
  );
}
