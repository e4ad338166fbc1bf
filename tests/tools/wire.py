# SPDX-License-Identifier: EUPL-1.2
#
# A cable between a device and the hub that can be pulled out, or carry nothing for a while. It knows
# nothing of what is said on it.
import contextlib
import socket
import threading


def take(line, count):
    """So many bytes of it; EOFError when it ends before."""
    got = b""
    while len(got) < count:
        more = line.recv(count - len(got))
        if not more:
            raise EOFError
        got += more
    return got


class Wire:
    def __init__(self, port):
        self.far_port = port  # asked anew for each connection: the hub may have moved
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.is_cut = False
        self.carries = threading.Event()
        self.carries.set()
        self.lock = threading.Lock()
        self.ends = set()
        threading.Thread(target=self.accept, daemon=True).start()

    def cut(self):
        """Every line breaks and no new one comes about."""
        self.is_cut = True
        self.drop()

    def hush(self):
        """No line breaks, and nothing arrives; it will after `heal`, as on a network that drops packets."""
        self.carries.clear()

    def heal(self):
        self.is_cut = False
        self.carries.set()

    def close(self):
        self.listener.close()
        self.cut()
        self.carries.set()

    def drop(self):
        with self.lock:
            for end in self.ends:
                with contextlib.suppress(OSError):  # the other side was faster
                    end.shutdown(socket.SHUT_RDWR)
            self.ends.clear()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.join, args=(near,), daemon=True).start()

    def join(self, near):
        if self.is_cut:
            near.close()
            return
        try:
            far = socket.create_connection(("127.0.0.1", int(self.far_port())))
        except OSError:
            near.close()
            return
        with self.lock:
            self.ends |= {near, far}
        back = threading.Thread(target=self.carry, args=(far, near), daemon=True)
        back.start()
        self.carry(near, far)
        back.join()
        with self.lock:
            self.ends -= {near, far}
        near.close()
        far.close()

    def carry(self, source, sink):
        with contextlib.suppress(OSError):
            while True:
                said = source.recv(65536)
                self.carries.wait()
                if not said:
                    break
                sink.sendall(said)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
