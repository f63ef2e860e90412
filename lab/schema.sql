-- The company's tables, as far as the dialer knows them.
CREATE TABLE IF NOT EXISTS afiliados (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    nombre TEXT NULL,
    telefono TEXT NULL,
    -- Day of the month of the cut: real tables hold NULL, 0, 32 and text here.
    corte VARCHAR(10) NULL,
    activo TINYINT NOT NULL DEFAULT 1,
    eliminar TINYINT NOT NULL DEFAULT 0,
    outbound_call TINYINT NULL DEFAULT 0,
    outbound_call_is_sent TINYINT NULL DEFAULT 0,
    outbound_call_attempts INT NULL DEFAULT 0,
    outbound_call_completed_at DATETIME NULL
);

CREATE TABLE IF NOT EXISTS factura (
    id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    `id-afiliado` INT NOT NULL,
    saldo DECIMAL(12, 2) NOT NULL DEFAULT 0,
    cerrado TINYINT NOT NULL DEFAULT 0,
    KEY `id-afiliado` (`id-afiliado`)
);
