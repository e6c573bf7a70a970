//! UDP sockets with room for bursts.

use std::io;
use std::net::{SocketAddr, UdpSocket};

use socket2::{Domain, Protocol, Socket, Type};

/// Room for what all sessions send or receive back to back. The system's own default holds about
/// 140 packets, which one turn for a year group overflows.
const SOCKET_BYTES: usize = 2 << 20;

/// A socket at `address`; an IPv6 one takes IPv4 too.
///
/// # Errors
/// What the system says.
pub fn udp_socket(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    // The system may give less; QUIC then loses packets in bursts and sends them again.
    let _ = socket.set_recv_buffer_size(SOCKET_BYTES);
    let _ = socket.set_send_buffer_size(SOCKET_BYTES);
    socket.bind(&address.into())?;
    Ok(socket.into())
}
