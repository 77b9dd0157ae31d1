"""A TCP relay that can lose the network: it cuts what is there and takes nothing new until it is mended."""

import socket
import struct
import threading


class Relay:
    def __init__(self, port):
        self.target = ("127.0.0.1", port)
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.lock = threading.Lock()
        self.pairs = set()
        self.is_cut = False
        self.flows = threading.Event()
        self.flows.set()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.server.accept()
            except OSError:
                return
            with self.lock:
                if self.is_cut:
                    self.reset(near)
                    continue
                try:
                    far = socket.create_connection(self.target)
                except OSError:
                    self.reset(near)
                    continue
                self.pairs.add((near, far))
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.pump, args=(one, other), daemon=True).start()

    def pump(self, one, other):
        try:
            while piece := one.recv(1 << 16):
                self.flows.wait()
                other.sendall(piece)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    @staticmethod
    def reset(one):
        try:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        one.close()

    def cut(self):
        with self.lock:
            self.is_cut = True
            for pair in self.pairs:
                for one in pair:
                    self.reset(one)
            self.pairs.clear()

    def stall(self):
        """Carries nothing any more, without a word to either side."""
        self.flows.clear()

    def mend(self):
        with self.lock:
            self.is_cut = False
        self.flows.set()
